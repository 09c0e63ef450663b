-- How delay builds up over the day at each large airport, and until when one leaves it on time.
--
-- grain: one row an airport and batch
-- depends: mart.airport_hour
-- creates: mart.airport_rhythm
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.airport_rhythm (
  batch varchar(64) not null,
  airport varchar(3) not null,
  flights integer not null,
  late_percent decimal(5,2) not null,
  average_delay decimal(8,2) not null,
  morning_late_percent decimal(5,2),
  evening_late_percent decimal(5,2),
  last_good_hour smallint,
  worst_hour smallint not null,
  size_rank integer not null,
  punctuality_rank integer not null
)
distkey (airport)
sortkey (batch, airport);

-- forget the batch, if it has been here before
delete from mart.airport_rhythm where batch = :batch;

-- follow each airport from five in the morning: its day is good until, over two hours, more than one flight in five is late
insert into mart.airport_rhythm
with hours as (
  select
    airport,
    hour,
    flights,
    late_flights,
    delay_minutes,
    sum(flights) over (partition by airport) as airport_flights,
    sum(late_flights) over (partition by airport order by hour rows between 1 preceding and current row) as late_lately,
    sum(flights) over (partition by airport order by hour rows between 1 preceding and current row) as flights_lately
  from mart.airport_hour
  where batch = :batch and hour >= 5
),
-- Large: 10,000 flights or more. The worst hour is one with at least a hundredth of them: a handful of flights proves nothing.
judged as (
  select
    h.*,
    min(case when late_lately * 5 > flights_lately then hour end) over (partition by airport) as first_bad_hour,
    row_number() over (
      partition by airport
      order by
        case when flights * 100 >= airport_flights then 0 else 1 end,
        late_flights::float8 / flights::float8 desc,
        hour
    ) as worst_place
  from hours as h
  where airport_flights >= 10000
),
days as (
  select
    airport,
    sum(flights) as flights,
    sum(late_flights) as late_flights,
    sum(delay_minutes) as delay_minutes,
    sum(case when hour between 5 and 9 then late_flights end) as morning_late,
    sum(case when hour between 5 and 9 then flights end) as morning_flights,
    sum(case when hour between 17 and 21 then late_flights end) as evening_late,
    sum(case when hour between 17 and 21 then flights end) as evening_flights,
    max(case when first_bad_hour is null or hour < first_bad_hour then hour end) as last_good_hour,
    max(case when worst_place = 1 then hour end) as worst_hour
  from judged
  group by airport
)
select
  :batch,
  airport,
  flights,
  round(100.0 * late_flights::float8 / flights::float8, 2)::decimal(5,2),
  round(delay_minutes::float8 / flights::float8, 2)::decimal(8,2),
  round(100.0 * morning_late::float8 / nullif(morning_flights, 0)::float8, 2)::decimal(5,2),
  round(100.0 * evening_late::float8 / nullif(evening_flights, 0)::float8, 2)::decimal(5,2),
  last_good_hour,
  worst_hour,
  rank() over (order by flights desc),
  rank() over (order by late_flights::float8 / flights::float8)
from days;
