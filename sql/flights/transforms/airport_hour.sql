-- How many flights leave an airport in each hour of the day, and how many of them are late.
--
-- grain: one row an airport, hour of departure and batch
-- depends: staging.flight
-- creates: mart.airport_hour
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.airport_hour (
  batch varchar(64) not null,
  airport varchar(3) not null,
  hour smallint not null,
  flights integer not null,
  late_flights integer not null,
  delay_minutes bigint not null
)
distkey (airport)
sortkey (batch, airport, hour);

-- forget the batch, if it has been here before
delete from mart.airport_hour where batch = :batch;

-- late is what airlines call late: a quarter of an hour or more
insert into mart.airport_hour
select
  :batch,
  origin,
  date_part(hour, departed_at)::smallint,
  count(*),
  sum(case when delay_minutes >= 15 then 1 else 0 end),
  sum(delay_minutes)
from staging.flight
group by origin, date_part(hour, departed_at)::smallint;
