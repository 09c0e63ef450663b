-- The catalogue: what each product costs and includes a month.
-- grain: one row a product
create table staging.product (
  product_id integer not null,
  product_name varchar(120) not null,
  family varchar(16) not null,
  monthly_fee decimal(10,2) not null,
  data_gb decimal(10,2),
  voice_minutes integer,
  messages integer,
  overage_gb decimal(10,2) not null,
  overage_minute decimal(10,4) not null,
  overage_message decimal(10,4) not null
);
