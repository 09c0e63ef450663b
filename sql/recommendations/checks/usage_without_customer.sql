-- severity: warn
-- depends: staging.customer, staging.customer_usage
-- means: usage of customers the batch does not know is left out of the recommendations
select 'customer ' || u.customer_id || ' has ' || count(*) || ' usage rows but is not in staging.customer' as offending
from staging.customer_usage as u
left join staging.customer as c on c.customer_id = u.customer_id
where c.customer_id is null
group by u.customer_id;
