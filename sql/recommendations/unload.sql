-- The answer: who should be offered what, best first, in words an analyst can pass on.
--
-- grain: one row a customer and rank
-- depends: staging.product, staging.product_offer, mart.customer_profile, mart.recommendation
-- rerun: writes the same rows in the same order
select
  r.customer_id,
  c.full_name,
  c.segment,
  c.country,
  c.product_name as current_product,
  c.average_bill,
  r.rank,
  o.offer_name,
  p.product_name as offered_product,
  r.expected_cost,
  r.monthly_saving,
  c.churn_risk,
  r.fit,
  r.reason,
  o.pitch
from mart.recommendation as r
join mart.customer_profile as c on c.customer_id = r.customer_id and c.batch = r.batch
join staging.product_offer as o on o.offer_id = r.offer_id
join staging.product as p on p.product_id = r.product_id
where r.batch = :batch
order by r.customer_id, r.rank
