/** Whom it is connected to: the label, what was taught and by whom, and what a person may do about either. */
import type { InfoEvent, PatientFacts } from '@rhythmd/protocol/events.ts';
import { createDialog } from '../../dialog.ts';
import { button, h, setText } from '../../dom.ts';
import { hourMinute } from '../../time.ts';
import type { Stream } from '../stream.ts';
import { TeachDialog } from './teach-dialog.ts';

export class PatientPanel {
  readonly element = h('section.patient', { 'aria-label': 'Patient', hidden: true });
  readonly #stream: () => Stream;
  readonly #label = h('b');
  readonly #taught = h('p.taught', { hidden: true });
  readonly #taughtWords = h('span');
  readonly #complaint = h('p.complaint', { role: 'alert', hidden: true });
  readonly #teachButton: HTMLButtonElement;
  readonly #teach: TeachDialog;
  readonly #newPatient: HTMLDialogElement;
  readonly #newLabel = h('input', { type: 'text', maxlength: 40, 'aria-label': 'Label of the new patient' });

  constructor(stream: () => Stream) {
    this.#stream = stream;
    this.#teach = new TeachDialog(stream);
    this.#teachButton = button('Teach', () => void this.#teach.open(), {
      title: 'Name the beats that the network is least sure of',
    });
    this.#newPatient = this.#newPatientDialog();
    this.#taught.append(
      this.#taughtWords,
      button('Undo', () => this.#ask('teach.forget', {})),
    );
    const anew = button('New patient', () => {
      this.#newLabel.value = '';
      this.#newPatient.showModal();
    });
    this.element.append(
      h('div.row', {}, h('p', {}, 'Patient ', this.#label), this.#teachButton, anew),
      this.#taught,
      this.#complaint,
    );
  }

  update(info: InfoEvent | null): void {
    this.element.hidden = info === null;
    if (info === null) return;
    const { label, since_ms } = info.patient;
    setText(this.#label, label ?? `since ${hourMinute(since_ms)}`);
    const labels = info.model?.labels ?? [];
    this.#teachButton.hidden = !['N', 'S', 'V'].every((name) => labels.includes(name));
    this.#showTaught(info.patient.taught);
    this.#complain(null);
  }

  /** Questions about the patient before are no longer asked. */
  forget(): void {
    this.#teach.close();
  }

  #showTaught(taught: PatientFacts['taught']): void {
    this.#taught.hidden = taught === null;
    if (taught === null) return;
    const by = taught.by === null ? '' : ` by ${taught.by}`;
    const beats = `${taught.beats} beat${taught.beats === 1 ? '' : 's'}`;
    const doubt = taught.in_force ? '' : `, not in force: it is of ${taught.model} in lead ${taught.lead}`;
    const risk = taught.kept ? '' : ', until the next start: the disk would not take it';
    setText(this.#taughtWords, `Taught with ${beats}${by} at ${hourMinute(taught.t_ms)}${doubt}${risk}`);
  }

  #newPatientDialog(): HTMLDialogElement {
    const begin = button('Begin with a new patient', () => {
      const label = this.#newLabel.value.trim();
      this.#newPatient.close();
      this.#ask('patient.new', label === '' ? {} : { label });
    });
    return createDialog(
      'New patient',
      h(
        'p',
        {},
        'What was learnt and taught of the patient before, their numbers and their alerts go from the screen, and a new recording begins. Recordings stay.',
      ),
      h('div.row', {}, h('label', {}, 'Bed or pseudonym, never a name', this.#newLabel), begin),
    );
  }

  #ask(verb: 'teach.forget' | 'patient.new', body: { label?: string }): void {
    this.#stream()
      .request(verb, body)
      .catch((error: Error) => this.#complain(error.message));
  }

  #complain(words: string | null): void {
    this.#complaint.hidden = words === null;
    setText(this.#complaint, words ?? '');
  }
}
