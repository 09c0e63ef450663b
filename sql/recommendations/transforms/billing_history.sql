-- What a customer pays, how punctually, and whether the last bill was a shock.
--
-- grain: one row a customer and batch
-- depends: staging.billing
-- creates: mart.billing_history
-- rerun: replaces the rows of the batch
create schema if not exists mart;

create table if not exists mart.billing_history (
  batch varchar(64) not null,
  customer_id bigint not null,
  invoices integer not null,
  billed decimal(14,2) not null,
  average_bill decimal(12,2) not null,
  average_overage decimal(12,2) not null,
  last_bill decimal(12,2) not null,
  usual_bill decimal(12,2),
  bill_shock boolean not null,
  late_invoices integer not null,
  open_amount decimal(14,2) not null
)
distkey (customer_id)
sortkey (batch, customer_id);

-- forget the batch, if it has been here before
delete from mart.billing_history where batch = :batch;

-- six months of invoices, each beside the average of the three before it
insert into mart.billing_history
with invoices as (
  select
    customer_id,
    billed_month,
    amount,
    coalesce(overage, 0) as overage,
    coalesce(paid_on, :batch_date) > due_on as late,
    case when paid_on is null then amount else 0 end as open_amount,
    avg(amount) over (
      partition by customer_id
      order by billed_month, invoice_id
      rows between 3 preceding and 1 preceding
    ) as usual_bill,
    row_number() over (partition by customer_id order by billed_month desc, invoice_id desc) as newest
  from staging.billing
  where billed_month > add_months(:batch_date, -6)
    and billed_month <= :batch_date
)
select
  :batch,
  customer_id,
  count(*),
  sum(amount),
  round(avg(amount), 2),
  round(avg(overage), 2),
  max(case when newest = 1 then amount end),
  round(max(case when newest = 1 then usual_bill end), 2),
  -- Half as much again as usual: the point from which people call.
  coalesce(max(case when newest = 1 and amount > usual_bill * 1.5 then 1 else 0 end), 0) = 1,
  sum(case when late then 1 else 0 end),
  sum(open_amount)
from invoices
group by customer_id;
