/**
 * A piece as a FHIR R4 Observation: an ECG study whose components are the leads as SampledData in microvolts, what else was
 * measured in its own unit, the mean heart rate, and beats by code. No patient in it: who that is, the receiver knows.
 */
import { MDC_LEADS, standardLead } from '@rhythmd/ecg/lead-names.ts';
import { isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { isLost } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { type Piece, type PieceLead, wholeLeads } from './piece.ts';

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const MDC = 'urn:iso:std:iso:11073:10101';

/** MDC_ECG_ELEC_POTL, to which IEEE 11073-10101 adds the lead's number. */
const MDC_POTENTIAL = 131_328;

export function fhirObservation(piece: Piece, device: string): object {
  const { startMs, count, rateHz, leads, record } = piece;
  const whole = wholeLeads(piece);
  const endMs = startMs === null ? null : startMs + (count / rateHz) * 1000;
  return {
    resourceType: 'Observation',
    status: 'preliminary',
    category: [
      {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'procedure' }],
      },
    ],
    code: {
      coding: [
        { system: LOINC, code: '11524-6', display: 'EKG study' },
        { system: MDC, code: String(MDC_POTENTIAL), display: 'MDC_ECG_ELEC_POTL' },
      ],
      text: 'ECG',
    },
    ...(startMs === null || endMs === null
      ? {}
      : { effectivePeriod: { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() } }),
    device: { display: device },
    note: [{ text: `record ${record}; not a medical device; beats are those of its annotations` }],
    component: [
      ...leads.map((lead, index) => {
        return lead.isVoltage ? leadComponent(lead, whole[index]!, rateHz) : otherComponent(piece, index);
      }),
      ...beatComponents(piece),
    ],
  };
}

function leadComponent({ name }: PieceLead, samples: Float32Array, rateHz: number): object {
  const lead = standardLead(name);
  const coding =
    lead === null
      ? {}
      : {
          coding: [
            {
              system: MDC,
              code: String(MDC_POTENTIAL + MDC_LEADS[lead]),
              display: `MDC_ECG_ELEC_POTL_${lead.toUpperCase()}`,
            },
          ],
        };
  const data: string[] = [];
  for (const value of samples) data.push(Number.isNaN(value) ? 'E' : String(Math.round(value * 1000)));
  return {
    code: { ...coding, text: name },
    valueSampledData: {
      origin: { value: 0, unit: 'uV', system: UCUM, code: 'uV' },
      period: 1000 / rateHz,
      factor: 1,
      dimensions: 1,
      data: data.join(' '),
    },
  };
}

/** What is no voltage keeps its unit, as the record writes it: which code of UCUM that is, nobody here knows. */
function otherComponent({ leads, rateHz, blocks }: Piece, index: number): object {
  const { name, units, signal } = leads[index]!;
  const data: string[] = [];
  for (const { adc } of blocks()) {
    for (const value of adc[index]!) {
      data.push(isLost(value) ? 'E' : String(Number((value - signal.baseline).toFixed(3))));
    }
  }
  return {
    code: { text: name },
    valueSampledData: {
      origin: { value: 0, unit: units },
      period: 1000 / rateHz,
      factor: 1 / signal.gain,
      dimensions: 1,
      data: data.join(' '),
    },
  };
}

/** Nothing is said of beats where nobody annotated any. */
function beatComponents({ annotations, rateHz }: Piece): object[] {
  const beats = annotations.filter(({ code }) => isBeatCode(code));
  const counts = new Map<string, number>();
  for (const { code } of beats) counts.set(mnemonicOf(code), (counts.get(mnemonicOf(code)) ?? 0) + 1);
  const components: object[] = [...counts].map(([code, count]) => ({
    code: { text: `beats with WFDB code ${code}` },
    valueInteger: count,
  }));
  const [first, last] = [beats[0], beats.at(-1)];
  if (first && last && last.sample > first.sample) {
    const bpm = ((beats.length - 1) * 60 * rateHz) / (last.sample - first.sample);
    components.push({
      code: { coding: [{ system: LOINC, code: '8867-4', display: 'Heart rate' }], text: 'mean heart rate' },
      valueQuantity: { value: Math.round(bpm * 10) / 10, unit: 'beats/minute', system: UCUM, code: '/min' },
    });
  }
  return components;
}
