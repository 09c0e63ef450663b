-- severity: warn
-- depends: staging.flight
-- means: delays of more than a day, early or late, are typing errors in the source; they move averages, not the share of late flights
select f.origin || ' to ' || f.destination || ' at ' || f.departed_at || ': ' || f.delay_minutes || ' minutes' as offending
from staging.flight as f
where abs(f.delay_minutes) > 1440;
