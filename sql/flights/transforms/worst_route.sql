-- Which destination of each airport runs late most often, among those flown at least once a day.
--
-- grain: one row an airport and batch
-- depends: staging.flight
-- creates: mart.worst_route
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.worst_route (
  batch varchar(64) not null,
  airport varchar(3) not null,
  destination varchar(3) not null,
  flights integer not null,
  late_percent decimal(5,2) not null,
  routes integer not null
)
distkey (airport)
sortkey (batch, airport);

-- forget the batch, if it has been here before
delete from mart.worst_route where batch = :batch;

-- rank the routes of each airport by how often they are late
insert into mart.worst_route
with days as (
  select count(distinct trunc(departed_at)) as days
  from staging.flight
),
routes as (
  select
    f.origin,
    f.destination,
    count(*) as flights,
    round(100.0 * sum(case when f.delay_minutes >= 15 then 1 else 0 end)::float8 / count(*)::float8, 2)::decimal(5,2) as late_percent
  from staging.flight as f
  group by f.origin, f.destination
),
ranked as (
  select
    r.origin,
    r.destination,
    r.flights,
    r.late_percent,
    row_number() over (partition by r.origin order by r.late_percent desc, r.flights desc, r.destination) as place,
    count(*) over (partition by r.origin) as routes
  from routes as r
  cross join days as d
  where r.flights >= d.days
)
select :batch, origin, destination, flights, late_percent, routes
from ranked
where place = 1;
