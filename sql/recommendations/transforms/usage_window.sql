-- How much a customer used lately, compared with before, and where it is heading.
--
-- grain: one row a customer and batch
-- depends: staging.customer, staging.customer_usage
-- creates: mart.usage_window
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.usage_window (
  batch varchar(64) not null,
  customer_id bigint not null,
  data_gb_30d decimal(14,3) not null,
  data_gb_prior_30d decimal(14,3) not null,
  voice_minutes_30d decimal(14,3) not null,
  messages_30d decimal(14,3) not null,
  roaming_days_30d integer not null,
  active_days_30d integer not null,
  last_used_on date,
  busiest_service varchar(16),
  data_change_percent decimal(9,1),
  weekly_data_slope_gb decimal(12,4)
)
distkey (customer_id)
sortkey (batch, customer_id);

-- forget the batch, if it has been here before
delete from mart.usage_window where batch = :batch;

-- compare the last 30 days with the 30 before, and fit a line through 12 weeks
insert into mart.usage_window
with recent as (
  select
    u.customer_id,
    u.service,
    u.usage_date,
    coalesce(u.quantity, 0) as quantity,
    coalesce(u.roaming, false) as roaming,
    datediff(day, u.usage_date, :batch_date) as age_days
  from staging.customer_usage as u
  join staging.customer as c on c.customer_id = u.customer_id
  where u.usage_date > dateadd(day, -84, :batch_date)
    and u.usage_date <= :batch_date
),
totals as (
  select
    customer_id,
    sum(case when service = 'data' and age_days < 30 then quantity else 0 end) as data_gb_30d,
    sum(case when service = 'data' and age_days between 30 and 59 then quantity else 0 end) as data_gb_prior_30d,
    sum(case when service = 'voice' and age_days < 30 then quantity else 0 end) as voice_minutes_30d,
    sum(case when service = 'message' and age_days < 30 then quantity else 0 end) as messages_30d,
    count(distinct case when roaming and age_days < 30 then usage_date end) as roaming_days_30d,
    count(distinct case when age_days < 30 then usage_date end) as active_days_30d,
    max(usage_date) as last_used_on
  from recent
  group by customer_id
),
-- The service used on most days; among equals the first by name, so that the answer does not depend on chance.
services as (
  select
    customer_id,
    service,
    row_number() over (partition by customer_id order by count(*) desc, service) as place
  from recent
  group by customer_id, service
),
weeks as (
  select customer_id, 11 - age_days / 7 as week, sum(quantity) as data_gb
  from recent
  where service = 'data'
  group by customer_id, 11 - age_days / 7
),
-- Least squares over the weeks with use: the sums are exact, only the last division is not.
slopes as (
  select
    customer_id,
    (count(*) * sum(week * data_gb) - sum(week) * sum(data_gb))::float8
      / nullif(count(*) * sum(week * week) - sum(week) * sum(week), 0)::float8 as slope
  from weeks
  group by customer_id
)
select
  :batch,
  t.customer_id,
  t.data_gb_30d,
  t.data_gb_prior_30d,
  t.voice_minutes_30d,
  t.messages_30d,
  t.roaming_days_30d,
  t.active_days_30d,
  t.last_used_on,
  s.service,
  round(100.0 * (t.data_gb_30d - t.data_gb_prior_30d)::float8 / nullif(t.data_gb_prior_30d, 0)::float8, 1)::decimal(9,1),
  round(l.slope, 4)::decimal(12,4)
from totals as t
left join services as s on s.customer_id = t.customer_id and s.place = 1
left join slopes as l on l.customer_id = t.customer_id;
