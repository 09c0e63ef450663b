-- severity: warn
-- depends: staging.flight, staging.airport
-- means: flights of these airports appear in the answer without the airport's name
select 'airport ' || f.origin || ' has ' || count(*) || ' departures but is not in staging.airport' as offending
from staging.flight as f
left join staging.airport as a on a.iata = f.origin
where a.iata is null
group by f.origin;
