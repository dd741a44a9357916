/** The keys of `[recorder]`. */
import { flag, integer, text } from '../../config/keys.ts';

export const recorderKeys = {
  folder: text({
    default: '$STATE_DIRECTORY/recordings',
    doc: 'Where they go. $STATE_DIRECTORY is given by systemd and ./state without it. Empty: nothing is recorded.',
  }),
  min_free_mb: integer({
    default: 500,
    min: 10,
    max: 1_000_000,
    unit: 'MB',
    doc: 'With less room on the disk the oldest recordings go; with none left to go, recording pauses.',
  }),
  max_mb: integer({
    default: 20_000,
    min: 10,
    max: 10_000_000,
    unit: 'MB',
    doc: 'All recordings together; then the oldest go. Two leads at 360 Hz make about 130 MB a day.',
  }),
  sync: flag({
    default: true,
    doc:
      'The disk is waited for, so that a power cut loses sync_seconds of signal at most. Without it only a crash of ' +
      'the program is covered; an SD card lives longer.',
  }),
  sync_seconds: integer({
    default: 2,
    min: 1,
    max: 60,
    unit: 's',
    doc: 'How often the disk is waited for: what a power cut may cost. Annotations are waited for every sixteenth time.',
  }),
};
