-- The three best offers for each customer: of each product only its best offer, none that costs noticeably more, each with its reason.
--
-- grain: one row a customer, rank and batch
-- depends: staging.product, staging.product_offer, mart.customer_profile, mart.offer_fit
-- creates: mart.recommendation
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.recommendation (
  batch varchar(64) not null,
  customer_id bigint not null,
  rank smallint not null,
  offer_id integer not null,
  product_id integer not null,
  fit decimal(6,4) not null,
  expected_cost decimal(12,2) not null,
  monthly_saving decimal(12,2) not null,
  reason varchar(300) not null
)
distkey (customer_id)
sortkey (batch, customer_id, rank);

-- forget the batch, if it has been here before
delete from mart.recommendation where batch = :batch;

-- the best offer of each product, then the best three products
insert into mart.recommendation
with best_of_product as (
  select
    f.*,
    row_number() over (
      partition by f.customer_id, f.product_id
      order by f.fit desc, f.monthly_saving desc, f.offer_id
    ) as place
  from mart.offer_fit as f
  join mart.customer_profile as c on c.customer_id = f.customer_id and c.batch = f.batch
  where f.batch = :batch
    -- Up to a tenth more is fine when it covers what the customer uses; beyond, an offer is an insult.
    and f.monthly_saving >= -0.1 * c.average_bill
),
ranked as (
  select
    b.*,
    row_number() over (partition by b.customer_id order by b.fit desc, b.monthly_saving desc, b.offer_id) as rank
  from best_of_product as b
  where b.place = 1
)
select
  :batch,
  r.customer_id,
  r.rank,
  r.offer_id,
  r.product_id,
  r.fit,
  r.expected_cost,
  r.monthly_saving,
  case
    when r.monthly_saving >= 1 then 'Saves ' || r.monthly_saving || ' a month'
    when r.monthly_saving > -1 then 'Costs about the same'
    else 'Costs ' || abs(r.monthly_saving) || ' more a month'
  end
  || case
    when r.data_covered >= 1 and c.data_gb > 0 then ' and covers all of ' || round(c.data_gb, 1)::decimal(12,1) || ' GB'
    when c.data_gb > 0 then ' and covers ' || floor(100 * r.data_covered)::integer || '% of ' || round(c.data_gb, 1)::decimal(12,1) || ' GB'
    else ''
  end
  || case when c.churn_reason = 'none' then '' else '; ' || c.churn_reason end
from ranked as r
join mart.customer_profile as c on c.customer_id = r.customer_id and c.batch = :batch
where r.rank <= 3;
