-- severity: warn
-- depends: mart.customer_profile, mart.recommendation
-- means: fewer than half of a segment's customers get an offer; the catalogue may lack something for them
with covered as (
  select
    p.segment,
    count(distinct p.customer_id) as customers,
    count(distinct r.customer_id) as with_offer
  from mart.customer_profile as p
  left join mart.recommendation as r on r.customer_id = p.customer_id and r.batch = p.batch
  where p.batch = :batch
  group by p.segment
)
select 'segment ' || segment || ': ' || with_offer || ' of ' || customers || ' customers have an offer' as offending
from covered
where with_offer * 2 < customers;
