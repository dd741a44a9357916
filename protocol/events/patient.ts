/** Who is connected, as far as the device knows: a label, and what a person taught of this patient's beats. */
import { ANSWERS } from '@rhythmd/ecg/teaching/lesson.ts';
import * as v from 'valibot';
import { field, wallTime } from '../field.ts';

/** As `patient.paced` of the configuration names them. */
export const PACED = ['auto', 'yes', 'no'] as const;

export const answerSchema = v.picklist(ANSWERS);

const taughtSchema = v.object({
  id: field(
    v.string(),
    'of the lesson; the model of a beat that was judged with it ends in +taught- and this',
  ),
  beats: field(v.number(), 'how many beats were named'),
  answers: field(v.record(answerSchema, v.number()), 'how many by answer'),
  by: field(v.nullable(v.string()), 'who named them, as they said; null: nobody said'),
  t_ms: wallTime('when'),
  model: field(v.string(), 'the model whose doubts they were'),
  lead: field(v.string(), 'the lead they were seen in'),
  in_force: field(
    v.boolean(),
    'whether beats are judged with it now: not with another model, nor in another lead',
  ),
  kept: field(v.boolean(), 'whether it outlives a restart; false: the disk would not take it'),
});

export const patientSchema = v.object({
  label: field(
    v.nullable(v.string()),
    'what somebody called the patient: a bed or a pseudonym, never a name',
  ),
  since_ms: wallTime('since when: the last "new patient", or the first start'),
  paced: field(v.picklist(PACED), 'patient.paced of the configuration'),
  taught: field(v.nullable(taughtSchema), 'the lesson of this patient; null: none'),
});
