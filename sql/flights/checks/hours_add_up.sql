-- severity: stop
-- depends: staging.flight, mart.airport_hour
-- means: flights were lost or counted twice between the table that was loaded and the hours computed from it
with loaded as (
  select count(*) as flights from staging.flight
),
counted as (
  select sum(flights) as flights, sum(late_flights) as late_flights
  from mart.airport_hour
  where batch = :batch
)
select 'loaded ' || l.flights || ' flights, counted ' || coalesce(c.flights, 0) as offending
from loaded as l
cross join counted as c
where l.flights <> coalesce(c.flights, 0) or coalesce(c.late_flights, 0) > l.flights;
