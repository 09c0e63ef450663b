-- Everything an analyst asks about a customer first: what they have, use and pay, their worth, and how likely they are to leave.
--
-- grain: one row a customer and batch
-- depends: staging.customer, staging.subscription, staging.product, mart.usage_window, mart.billing_history
-- creates: mart.customer_profile
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.customer_profile (
  batch varchar(64) not null,
  customer_id bigint not null,
  full_name varchar(120),
  segment varchar(16) not null,
  country char(2),
  tenure_days integer not null,
  product_id integer,
  product_name varchar(120),
  monthly_fee decimal(10,2),
  average_bill decimal(12,2) not null,
  data_gb decimal(14,3) not null,
  voice_minutes decimal(14,3) not null,
  messages decimal(14,3) not null,
  data_change_percent decimal(9,1),
  days_since_use integer,
  busiest_service varchar(16),
  recency_score smallint not null,
  frequency_score smallint not null,
  value_score smallint not null,
  churn_risk decimal(4,3) not null,
  churn_reason varchar(40) not null
)
distkey (customer_id)
sortkey (batch, customer_id);

-- forget the batch, if it has been here before
delete from mart.customer_profile where batch = :batch;

-- join what is known, score it within the customer base, and weigh the signs of leaving
insert into mart.customer_profile
with products as (
  select
    s.customer_id,
    s.product_id,
    p.product_name,
    p.monthly_fee,
    row_number() over (partition by s.customer_id order by s.started_on desc, s.product_id) as newest
  from staging.subscription as s
  join staging.product as p on p.product_id = s.product_id
  where s.started_on <= :batch_date
    and (s.ended_on is null or s.ended_on > :batch_date)
),
known as (
  select
    c.customer_id,
    c.full_name,
    c.segment,
    c.country,
    datediff(day, c.signed_up_on, :batch_date) as tenure_days,
    p.product_id,
    p.product_name,
    p.monthly_fee,
    coalesce(b.average_bill, p.monthly_fee, 0) as average_bill,
    -- Someone whose use grows needs next month's volume, not last month's.
    coalesce(u.data_gb_30d, 0) + greatest(coalesce(u.weekly_data_slope_gb, 0), 0) * 4 as data_gb,
    coalesce(u.voice_minutes_30d, 0) as voice_minutes,
    coalesce(u.messages_30d, 0) as messages,
    u.data_change_percent,
    datediff(day, u.last_used_on, :batch_date) as days_since_use,
    u.busiest_service,
    coalesce(u.active_days_30d, 0) as active_days,
    case when u.data_change_percent < -30 then 0.30 when u.data_change_percent < -10 then 0.15 else 0 end as declining,
    case when u.last_used_on is null or datediff(day, u.last_used_on, :batch_date) > 14 then 0.25 else 0 end as silent,
    case when c.contract_ends_on between :batch_date and dateadd(day, 60, :batch_date) then 0.20 else 0 end as ending,
    case when b.bill_shock then 0.15 else 0 end as shocked,
    least(coalesce(b.late_invoices, 0), 2) * 0.05 as late
  from staging.customer as c
  left join products as p on p.customer_id = c.customer_id and p.newest = 1
  left join mart.usage_window as u on u.customer_id = c.customer_id and u.batch = :batch
  left join mart.billing_history as b on b.customer_id = c.customer_id and b.batch = :batch
)
select
  :batch,
  customer_id,
  full_name,
  segment,
  country,
  tenure_days,
  product_id,
  product_name,
  monthly_fee,
  average_bill,
  data_gb,
  voice_minutes,
  messages,
  data_change_percent,
  days_since_use,
  busiest_service,
  -- Five is best. Ties are broken by the id: a score must not change because a query ran again.
  ntile(5) over (order by coalesce(days_since_use, 9999) desc, customer_id),
  ntile(5) over (order by active_days, customer_id),
  ntile(5) over (order by average_bill, customer_id),
  declining + silent + ending + shocked + late,
  case greatest(declining, silent, ending, shocked, late)
    when 0 then 'none'
    when silent then 'not used for two weeks'
    when declining then 'uses less and less'
    when ending then 'contract ends soon'
    when shocked then 'last bill was a shock'
    else 'pays late'
  end
from known;
