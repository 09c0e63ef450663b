-- The answer: large airports, the most punctual first, with the last hour at which leaving is a good idea.
--
-- grain: one row a large airport
-- depends: staging.airport, mart.airport_rhythm, mart.worst_route
-- rerun: writes the same rows in the same order
select
  r.punctuality_rank,
  r.airport,
  a.airport_name,
  a.city,
  a.state,
  r.size_rank,
  r.flights,
  r.late_percent,
  r.average_delay,
  r.morning_late_percent,
  r.evening_late_percent,
  r.last_good_hour,
  r.worst_hour,
  w.destination as worst_destination,
  w.late_percent as worst_destination_late_percent
from mart.airport_rhythm as r
left join staging.airport as a on a.iata = r.airport
left join mart.worst_route as w on w.airport = r.airport and w.batch = r.batch
where r.batch = :batch
order by r.punctuality_rank, r.airport
