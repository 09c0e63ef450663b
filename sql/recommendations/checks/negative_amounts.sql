-- severity: stop
-- depends: staging.billing, staging.customer_usage, staging.product
-- means: an amount, a fee or a quantity below zero makes every saving computed from it wrong
select 'invoice ' || invoice_id || ' has the amount ' || amount as offending
from staging.billing
where amount < 0 or overage < 0
union all
select 'product ' || product_id || ' has a fee or an overage price below zero'
from staging.product
where monthly_fee < 0 or overage_gb < 0 or overage_minute < 0 or overage_message < 0
union all
select 'customer ' || customer_id || ' used ' || quantity || ' of ' || service || ' on ' || usage_date
from staging.customer_usage
where quantity < 0;
