/**
 * Who may do what on a broker, once; mosquitto's rules and RabbitMQ's are made from it. Names of topics: `+` one level, `#` all below.
 * A device speaks below its own base and hears its requests. The others hear everything below what they see.
 */

/** Of requests that change nothing but what is said: whoever looks on may ask for them. */
const LOOKS_ON = ['wave', 'strip'];

export const ROLES = {
  viewer: { asks: LOOKS_ON },
  nurse: { asks: [...LOOKS_ON, 'acknowledge', 'silence', 'mark'] },
  /** Programs that keep or hand on what they hear: Telegraf, the archive. They ask for nothing. */
  integrator: { asks: [] },
  /** A mosquitto in a room that hands everything on: it speaks for the devices of its ward. */
  room: { asks: [] },
} as const satisfies Readonly<Record<string, { readonly asks: readonly string[] }>>;

export type Role = keyof typeof ROLES;

export interface Rules {
  readonly hears: readonly string[];
  readonly says: readonly string[];
}

export interface Placed {
  readonly base: string;
  readonly ward: string | null;
}

const below = ({ base, ward }: Placed) => (ward === null ? base : `${base}/${ward}`);

export function rulesOfDevice(id: string, place: Placed): Rules {
  const own = `${below(place)}/${id}`;
  // Home Assistant discovery (homeassistant.discovery), and what an earlier one may have left.
  const discovery = `homeassistant/device/ecg_${id}/config`;
  return {
    hears: [`${own}/request/#`, 'homeassistant/status', discovery],
    says: [`${own}/#`, discovery],
  };
}

/** @param deep whether there are devices below wards */
export function rulesOfUser(role: Role, place: Placed, deep: boolean): Rules {
  const root = below(place);
  if (role === 'room') return { hears: [`${root}/+/request/#`], says: [`${root}/#`] };
  const devices = place.ward === null && deep ? [`${root}/+`, `${root}/+/+`] : [`${root}/+`];
  return {
    hears: [`${root}/#`],
    says: devices.flatMap((device) => ROLES[role].asks.map((verb) => `${device}/request/${verb}`)),
  };
}
