-- severity: stop
-- depends: staging.customer, staging.product, staging.product_offer, staging.billing
-- means: a key that is there twice would double rows in every join that follows
select 'customer ' || customer_id || ' is there ' || count(*) || ' times' as offending
from staging.customer
group by customer_id
having count(*) > 1
union all
select 'product ' || product_id || ' is there ' || count(*) || ' times'
from staging.product
group by product_id
having count(*) > 1
union all
select 'offer ' || offer_id || ' is there ' || count(*) || ' times'
from staging.product_offer
group by offer_id
having count(*) > 1
union all
select 'invoice ' || invoice_id || ' is there ' || count(*) || ' times'
from staging.billing
group by invoice_id
having count(*) > 1;
