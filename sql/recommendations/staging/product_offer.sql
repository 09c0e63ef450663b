-- Offers: a product at a discount, to some customers, for some time.
-- grain: one row an offer
create table staging.product_offer (
  offer_id integer not null,
  product_id integer not null,
  offer_name varchar(160) not null,
  segment varchar(16),
  discount_percent decimal(5,2) not null,
  valid_from date not null,
  valid_to date,
  min_tenure_days integer,
  pitch varchar(400)
);
