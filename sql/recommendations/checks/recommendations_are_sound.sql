-- severity: stop
-- depends: mart.recommendation, mart.customer_profile
-- means: the answer itself breaks its promises: ranks 1 to 3 without gaps, no product twice, never the product the customer has
with counted as (
  select
    customer_id,
    count(*) as offers,
    count(distinct product_id) as products,
    count(distinct rank) as ranks,
    max(rank) as last_rank
  from mart.recommendation
  where batch = :batch
  group by customer_id
)
select 'customer ' || customer_id || ' has ' || offers || ' offers of ' || products || ' products, ranked to ' || last_rank as offending
from counted
where offers <> products or offers <> ranks or offers <> last_rank or offers > 3
union all
select 'customer ' || r.customer_id || ' is offered product ' || r.product_id || ', which the customer has'
from mart.recommendation as r
join mart.customer_profile as c
  on c.customer_id = r.customer_id and c.batch = r.batch and c.product_id = r.product_id
where r.batch = :batch;
