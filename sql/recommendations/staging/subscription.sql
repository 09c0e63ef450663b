-- Which product a customer has or had.
-- grain: one row a customer, product and start
create table staging.subscription (
  customer_id bigint not null,
  product_id integer not null,
  started_on date not null,
  ended_on date
);
