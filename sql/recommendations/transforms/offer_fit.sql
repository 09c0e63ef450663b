-- What each offer would cost each customer who may have it, given what the customer uses, and how well it fits.
--
-- grain: one row a customer, offer and batch
-- depends: staging.product, staging.product_offer, mart.customer_profile
-- creates: mart.offer_fit
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.offer_fit (
  batch varchar(64) not null,
  customer_id bigint not null,
  offer_id integer not null,
  product_id integer not null,
  expected_cost decimal(12,2) not null,
  monthly_saving decimal(12,2) not null,
  data_covered decimal(5,3) not null,
  fit decimal(6,4) not null
)
distkey (customer_id)
sortkey (batch, customer_id);

-- forget the batch, if it has been here before
delete from mart.offer_fit where batch = :batch;

-- price every eligible offer with the customer's own use
insert into mart.offer_fit
with offers as (
  select
    o.offer_id,
    o.product_id,
    o.segment,
    coalesce(o.min_tenure_days, 0) as min_tenure_days,
    round(p.monthly_fee * (100 - o.discount_percent) / 100, 2) as fee,
    coalesce(p.data_gb, 0) as data_gb,
    coalesce(p.voice_minutes, 0) as voice_minutes,
    coalesce(p.messages, 0) as messages,
    p.overage_gb,
    p.overage_minute,
    p.overage_message
  from staging.product_offer as o
  join staging.product as p on p.product_id = o.product_id
  where o.valid_from <= :batch_date
    and (o.valid_to is null or o.valid_to >= :batch_date)
),
priced as (
  select
    c.customer_id,
    o.offer_id,
    o.product_id,
    c.average_bill,
    c.churn_risk,
    (
      o.fee
      + greatest(c.data_gb - o.data_gb, 0) * o.overage_gb
      + greatest(c.voice_minutes - o.voice_minutes, 0) * o.overage_minute
      + greatest(c.messages - o.messages, 0) * o.overage_message
    )::decimal(12,2) as expected_cost,
    case
      when c.data_gb = 0 then 1.0
      else least(1.0, o.data_gb::float8 / c.data_gb::float8)
    end as data_covered
  from mart.customer_profile as c
  join offers as o
    on (o.segment is null or o.segment = c.segment)
    and o.min_tenure_days <= c.tenure_days
    and o.product_id <> coalesce(c.product_id, -1)
  where c.batch = :batch
)
select
  :batch,
  customer_id,
  offer_id,
  product_id,
  expected_cost,
  average_bill - expected_cost,
  round(data_covered, 3)::decimal(5,3),
  -- Half the saving's share of the bill, capped at the whole bill; a third for volume that covers the use; the rest for keeping who may go.
  round(
    0.50 * greatest(-1.0, least(1.0, (average_bill - expected_cost)::float8 / nullif(average_bill, 0)::float8))
    + 0.30 * data_covered
    + 0.20 * churn_risk::float8,
    4
  )::decimal(6,4)
from priced
where average_bill > 0;
