/** Which leads stand on the paper, in which order and how high: a choice of this browser, by the leads' names. */
export interface LeadChoice {
  /** Names in their order; leads that are not named follow in the board's. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
  /** Of leads with a gain of their own. */
  readonly gainsMmPerMv: Readonly<Record<string, number>>;
}

export const AS_THE_BOARD: LeadChoice = { order: [], hidden: [], gainsMmPerMv: {} };

/** One lead's place on the paper. */
export interface ShownLead {
  /** Its index among the leads of the signal. */
  readonly lead: number;
  readonly gainMmPerMv: number;
}

/** Indices of all leads in the chosen order. */
export function orderedLeads(names: readonly string[], { order }: LeadChoice): number[] {
  const placeOf = (lead: number) => {
    const place = order.indexOf(names[lead]!);
    return place < 0 ? order.length + lead : place;
  };
  return names.map((_, lead) => lead).sort((a, b) => placeOf(a) - placeOf(b));
}

/** Those that are shown; a choice that would hide every lead of this board hides none. */
export function shownLeads(names: readonly string[], choice: LeadChoice, gainMmPerMv: number): ShownLead[] {
  const ordered = orderedLeads(names, choice);
  const wanted = ordered.filter((lead) => !choice.hidden.includes(names[lead]!));
  return (wanted.length === 0 ? ordered : wanted).map((lead) => ({
    lead,
    gainMmPerMv: choice.gainsMmPerMv[names[lead]!] ?? gainMmPerMv,
  }));
}

/** Names of the leads that are there and not on the paper. */
export function hiddenLeads(names: readonly string[], choice: LeadChoice): string[] {
  const shown = new Set(shownLeads(names, choice, 1).map(({ lead }) => lead));
  return names.filter((_, lead) => !shown.has(lead));
}
