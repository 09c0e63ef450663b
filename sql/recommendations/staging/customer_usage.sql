-- What a customer used of a service on a day. A day without use has no row.
-- grain: one row a customer, service and day
create table staging.customer_usage (
  customer_id bigint not null,
  service varchar(16) not null,
  usage_date date not null,
  quantity decimal(14,3),
  roaming boolean
);
