-- severity: stop
-- depends: staging.product, staging.product_offer, staging.subscription
-- means: an offer or a subscription of a product that the catalogue does not have cannot be priced
select 'offer ' || o.offer_id || ' is for product ' || o.product_id || ', which is not in the catalogue' as offending
from staging.product_offer as o
left join staging.product as p on p.product_id = o.product_id
where p.product_id is null
union all
select 'customer ' || s.customer_id || ' has product ' || s.product_id || ', which is not in the catalogue'
from staging.subscription as s
left join staging.product as p on p.product_id = s.product_id
where p.product_id is null;
