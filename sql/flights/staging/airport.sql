-- Airports of the United States, from the CSV file of vega-datasets.
-- grain: one row an airport
create table staging.airport (
  iata varchar(4) not null,
  airport_name varchar(100),
  city varchar(60),
  state varchar(2),
  country varchar(60),
  latitude double precision,
  longitude double precision
);
