-- A customer as the billing system knows it on the day of the batch.
-- grain: one row a customer
create table staging.customer (
  customer_id bigint not null,
  full_name varchar(120),
  segment varchar(16) not null,
  country char(2),
  signed_up_on date not null,
  contract_ends_on date
);
