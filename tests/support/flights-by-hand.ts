import { DuckDBInstance } from '@duckdb/node-api';
import { fileURLToPath } from 'node:url';

/** A row of the flights example's answer, as far as it comes from the flights themselves. */
export interface AirportRhythm {
  readonly airport: string;
  readonly flights: number;
  /** Two digits. */
  readonly latePercent: string;
  readonly averageDelay: string;
  readonly lastGoodHour: number | undefined;
  readonly worstHour: number | undefined;
  readonly worstDestination: string | undefined;
}

interface Tally {
  flights: number;
  late: number;
  minutes: number;
}

const LATE = 15;
const FIRST_HOUR = 5;
const LARGE = 10_000;
const HOUR = 3_600_000;

/**
 * The flights example's answer, computed without any SQL but for reading the file: a loop over three million rows and plain arithmetic.
 * What `sql/flights` says is compared with this. Most punctual first.
 */
export async function rhythmsByHand(): Promise<AirportRhythm[]> {
  const hours = new Map<string, Tally[]>();
  const routes = new Map<string, Map<string, Tally>>();
  const days = new Set<number>();
  for await (const { at, delay, origin, destination } of flights()) {
    days.add(Math.floor(at / (24 * HOUR)));
    const ofAirport = hours.get(origin) ?? Array.from({ length: 24 }, nothing);
    hours.set(origin, ofAirport);
    count(ofAirport[Math.floor(at / HOUR) % 24] ?? nothing(), delay);
    const destinations = routes.get(origin) ?? new Map<string, Tally>();
    routes.set(origin, destinations);
    const route = destinations.get(destination) ?? nothing();
    destinations.set(destination, route);
    count(route, delay);
  }
  return [...hours]
    .map(([airport, tallies]) => ({
      airport,
      day: tallies
        .map((tally, hour) => ({ hour, ...tally }))
        .filter(({ hour, flights }) => hour >= FIRST_HOUR && flights > 0),
    }))
    .map(({ airport, day }) => ({ airport, day, total: sum(day) }))
    .filter(({ total }) => total.flights >= LARGE)
    .sort((one, other) => one.total.late / one.total.flights - other.total.late / other.total.flights)
    .map(({ airport, day, total }) => {
      const bad = day.find(
        ({ late, flights }, at) => (late + (day[at - 1]?.late ?? 0)) * 5 > flights + (day[at - 1]?.flights ?? 0),
      );
      const busy = day.filter(({ flights }) => flights * 100 >= total.flights);
      return {
        airport,
        flights: total.flights,
        latePercent: ((100 * total.late) / total.flights).toFixed(2),
        averageDelay: (total.minutes / total.flights).toFixed(2),
        lastGoodHour: day.findLast(({ hour }) => bad === undefined || hour < bad.hour)?.hour,
        worstHour: busy.toSorted(
          (one, other) => other.late / other.flights - one.late / one.flights || one.hour - other.hour,
        )[0]?.hour,
        worstDestination: worst(routes.get(airport) ?? new Map<string, Tally>(), days.size),
      };
    });
}

/** The destination that is late most often, in percent with two digits; among equals the one flown more, then the first by name. */
function worst(destinations: ReadonlyMap<string, Tally>, days: number): string | undefined {
  return [...destinations]
    .filter(([, { flights }]) => flights >= days)
    .map(([name, { flights, late }]) => ({ name, flights, percent: Math.round((10_000 * late) / flights) }))
    .sort(
      (one, other) => other.percent - one.percent || other.flights - one.flights || (one.name < other.name ? -1 : 1),
    )[0]?.name;
}

function nothing(): Tally {
  return { flights: 0, late: 0, minutes: 0 };
}

function count(tally: Tally, delay: number): void {
  tally.flights += 1;
  tally.minutes += delay;
  if (delay >= LATE) tally.late += 1;
}

function sum(tallies: readonly Tally[]): Tally {
  const total = nothing();
  for (const { flights, late, minutes } of tallies) {
    total.flights += flights;
    total.late += late;
    total.minutes += minutes;
  }
  return total;
}

async function* flights(): AsyncGenerator<{ at: number; delay: number; origin: string; destination: string }> {
  const file = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.stream(
      `select epoch_ms(date)::double, delay::integer, origin, destination from read_parquet('${file.replaceAll("'", "''")}')`,
    );
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      for (const [at, delay, origin, destination] of chunk.getRows())
        yield { at: Number(at), delay: Number(delay), origin: String(origin), destination: String(destination) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
