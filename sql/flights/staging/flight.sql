-- Flights within the United States, from the Parquet file of vega-datasets, whose columns are in this order.
-- grain: one row a flight
create table staging.flight (
  departed_at timestamp not null,
  delay_minutes bigint not null,
  distance_miles bigint not null,
  origin varchar(3) not null,
  destination varchar(3) not null
);
