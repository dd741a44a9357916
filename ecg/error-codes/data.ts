/** Codes of models, records, recordings and requests. */
import type { ErrorRow } from './row.ts';

export const DATA_ERRORS = {
  E_MODEL_MISSING: {
    cause: 'There is no model at model.path; beats are published unclassified.',
    fix: 'Set model.path, or `model.path = ""` for none.',
  },
  E_MODEL_ARCHIVE: {
    cause: 'The model archive is no readable .zip, or holds more than a model.',
    fix: 'Copy it again.',
  },
  E_MODEL_CARD: {
    cause: 'card.json is missing, damaged or of another program.',
    fix: 'Use the card that the trainer wrote for this model.',
  },
  E_MODEL_HASH: { cause: 'model.onnx is not the file that its card describes.', fix: 'Copy both again.' },
  E_MODEL_INEXACT: {
    cause:
      "The model answers its card's golden inputs otherwise on this processor: its figures do not hold here.",
    fix: 'Export it again with this version; older files have signed weights, which some processors add wrongly.',
  },
  E_MODEL_INPUT: {
    cause: 'The model takes or gives something else than its card says.',
    fix: 'Export it again.',
  },
  E_MODEL_LOAD: {
    cause: 'The runtime cannot load the model.',
    fix: 'Is model.onnx an ONNX model? Copy or export it again.',
  },
  E_MODEL_RUN: {
    cause: 'The model failed on a beat; the beat is published unclassified.',
    fix: 'See the log.',
  },
  E_MODEL_UNSUPPORTED: {
    cause:
      "The integer executor can't run an operator of the model, and onnxruntime does not run here or was not asked for.",
    fix: 'Use a model in 8-bit integers, or set model.executor = "onnxruntime" where that loads.',
  },
  E_MODEL_INVALID: {
    cause: 'onnxruntime refuses a model that the trainer made.',
    fix: 'Report it with the message.',
  },

  E_RECORD_NOT_FOUND: {
    cause: 'No record has this name in the record folders.',
    fix: '`npm run records -- list` shows what is there.',
  },
  E_RECORD_READ: {
    cause: 'A file of the record cannot be read.',
    fix: 'Look at its permissions, or fetch the record again.',
  },
  E_RECORD_WRITE: {
    cause: 'A record cannot be written.',
    fix: 'Choose a folder that exists and is writable.',
  },
  E_RECORD_NAME: { cause: 'This is not the name of a record.', fix: 'Names have letters, digits, _ and -.' },
  E_RECORD_KIND: {
    cause: 'The file is of a kind that is not read.',
    fix: 'WFDB, EDF, EDF+, BDF, CSV, TSV and ISHNE Holter files are: convert it to one of these.',
  },
  E_RECORD_PATH: {
    cause: 'A header names a file outside of its own folder.',
    fix: 'Put the file beside its header, and its bare name into it.',
  },
  E_EDF_HEADER: { cause: 'The header of an EDF or BDF file is damaged.', fix: 'Copy the file again.' },
  E_ISHNE_HEADER: { cause: 'The header of an ISHNE Holter file is damaged.', fix: 'Copy the file again.' },
  E_CSV: {
    cause: 'The file is no table of samples.',
    fix: 'One line a sample, numbers separated by commas, semicolons, tabs or spaces.',
  },
  E_CSV_RATE: { cause: 'The table has no column of times.', fix: 'Say the rate: --rate 250.' },
  E_CSV_UNIT: {
    cause: 'The table does not say its unit.',
    fix: 'Say it: --unit mV, or in the head: ECG_mV.',
  },
  E_NO_ECG: {
    cause: 'No signal of the record is an ECG in volts.',
    fix: 'The message lists its signals and units: mend the header, or name one with --signal.',
  },
  E_SIGNAL_UNITS: {
    cause: 'The signal is no voltage.',
    fix: 'Choose another; only voltages are analysed and drawn.',
  },
  E_WFDB_HEADER: { cause: 'The header file is damaged.', fix: 'Fetch or copy it again.' },
  E_WFDB_ANNOTATIONS: {
    cause: 'An annotation file is damaged, or an annotation cannot be written.',
    fix: 'Fetch or copy the file again.',
  },
  E_WFDB_CHECKSUM: {
    cause: 'The samples do not sum to what the header says.',
    fix: 'The signal file may be damaged: fetch or copy it again.',
  },
  E_WFDB_FLAC: {
    cause: 'A compressed signal file (FLAC) is damaged, or has other channels than its header says.',
    fix: 'Fetch or copy the record again.',
  },
  E_WFDB_RANGE: { cause: 'A sample does not fit the signal format.', fix: 'Write format 16.' },
  E_WFDB_TRUNCATED: {
    cause: 'The signal file is shorter than its header announces.',
    fix: 'Fetch or copy it again.',
  },
  E_WFDB_UNSUPPORTED: {
    cause: 'The record uses something that is not read or written here.',
    fix: 'The message names it; docs/recordings.md has what is.',
  },
  E_SIGNAL_UNKNOWN: {
    cause: 'The record has no signal of this name or number.',
    fix: 'The message lists those it has.',
  },
  E_NOISE_GAIN: {
    cause: 'Noise cannot be added to this record: rates or signals do not fit.',
    fix: 'Use noise of the same sample rate.',
  },
  E_FETCH_NETWORK: {
    cause: 'The database cannot be reached.',
    fix: 'Check the connection and start again: files that are whole are kept.',
  },
  E_FETCH_STATUS: { cause: 'The server does not have the file.', fix: 'Check the address given to --from.' },
  E_FETCH_SIZE: {
    cause: 'A file is far larger than any of the database.',
    fix: 'Check the address given to --from.',
  },
  E_FETCH_CHECKSUM: {
    cause: 'A file is not the one that the database publishes.',
    fix: 'Start again; the address may not be that of the database.',
  },
  E_FETCH_WRITE: { cause: 'What was fetched cannot be written.', fix: 'Choose another --to.' },
  E_OUT: { cause: 'The output file cannot be written.', fix: 'Choose another --out.' },
  E_OUT_FOLDER: { cause: 'The output folder cannot be made.', fix: 'Choose another --out.' },
  E_SCORE_PAGE: {
    cause: 'The page of wrong beats cannot be written.',
    fix: 'Name a file in a folder that exists and is writable.',
  },
  E_EDF: { cause: 'The piece does not fit into an EDF+ file.', fix: 'Export as WFDB or CSV.' },
  E_DICOM: {
    cause: 'The piece fits no ECG of DICOM: up to 24 leads at 200 to 1000 Hz, or up to 12 from 50 Hz on.',
    fix: 'Export as EDF+ or CSV.',
  },
  E_PIECE: { cause: 'The record ends before the piece begins.', fix: 'Choose an earlier time.' },
  E_RECORDING_TIME: {
    cause: 'Nothing was recorded at that moment.',
    fix: 'The names of the recordings say when each begins, in UTC.',
  },
  E_REPORT_TIME: {
    cause: 'A report was asked for by time of day, and the record does not say when it was recorded.',
    fix: 'Say --from and --to as times from its beginning, such as 1:00:00.',
    usage: true,
  },
  E_REPORT_LONG: {
    cause: 'A report of more than eight days was asked for.',
    fix: 'Say --from and --to.',
    usage: true,
  },
  E_REVIEW_TARGET: {
    cause: 'A correction names beats or a rhythm that the recording does not have.',
    fix: 'Look again: the recording may have been corrected meanwhile.',
  },
  E_REVIEW_CHANGED: {
    cause: 'Somebody else has corrected the recording meanwhile.',
    fix: 'Look at it again, and correct what is left.',
  },
  E_REVIEW_UNDO: { cause: 'There is no correction to take back.', fix: 'Nothing to do.' },
  E_REVIEW_WRITE: {
    cause: 'A correction cannot be kept: the disk is full, or the folder of recordings is not writable.',
    fix: 'Make room on the disk. Nothing of the correction is in force.',
  },
  E_REVIEW_EMPTY: { cause: 'Nothing was recorded in that time.', fix: 'Choose another time.' },
  E_REVIEW_QUERY: {
    cause: 'The page asked for a time that is none.',
    fix: 'Give from_ms and a later to_ms, not too much later.',
  },

  E_REQUEST_BODY: {
    cause: 'A request is too long, no JSON object, or a field has a wrong type or is out of range.',
    fix: 'docs/protocol.md has every field with its range.',
  },
  E_REQUEST_VERB: { cause: 'No request has this verb.', fix: 'The message lists them.' },
  E_REQUEST_BUSY: { cause: 'Too many requests are being answered.', fix: 'Ask again.' },
  E_REQUEST_REFUSED: {
    cause: 'Requests are not answered here.',
    fix: 'Ask the running daemon; see mqtt.requests.',
  },
  E_REQUEST_USER: {
    cause: 'A request that silences, acknowledges or changes the replay needs a user.',
    fix: 'Use the page, or the embedded broker with a user (mqtt.embedded_users, mqtt.requests).',
  },
  E_ALERT_UNKNOWN: { cause: 'No alert with this id stands.', fix: 'The topic alert/active lists them.' },
  E_LEAD_UNKNOWN: { cause: 'There is no lead of this name.', fix: 'The message lists them.' },
  E_NO_SIGNAL: { cause: 'No sample has arrived yet.', fix: 'Look at the source in health.' },
  E_NO_PULSE: {
    cause: 'No 1 mV square wave was found in the last seconds.',
    fix: 'Put the board into its calibration mode and ask again.',
  },
  E_SAMPLE_UNKNOWN: {
    cause: 'A moment was named that has not come yet.',
    fix: 'The message says how far the stream is.',
  },
  E_STRIP_GONE: {
    cause: 'The signal of that time is no longer in memory.',
    fix: 'Older signal is in the recordings: `rhythmd strip`.',
  },
  E_STRIP_UNKNOWN: {
    cause: 'No strip of that alert is kept.',
    fix: 'Older signal is in the recordings: `rhythmd strip`.',
  },
  E_TEACH_MODEL: {
    cause: 'The model cannot be taught: there is none, or it does not name N, S and V.',
    fix: 'Set model.path to a model of the classes of EC57, such as models/beatnet2.',
  },
  E_TEACH_BEATS: {
    cause:
      'A beat was named that was not asked about, or too long ago, or twice; or there is none to ask about yet.',
    fix: 'Ask for the doubtful beats again.',
  },
  E_TEACH_NONE: { cause: 'Nothing was taught of this patient.', fix: 'Nothing to do.' },
  E_TEACH_FILE: {
    cause: 'What `analyze --teach` names is no annotator, and no list of beats of this record.',
    fix: 'Name an annotator such as atr, a file of annotations, or a .csv file of sample,answer.',
    usage: true,
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
