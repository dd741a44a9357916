/**
 * Every code that an error may carry, with its cause and fix: one enumeration. docs/troubleshooting.md is made from
 * it, and the command line takes the exit status from it.
 */
import { DATA_ERRORS } from './error-codes/data.ts';
import { DEVICE_ERRORS } from './error-codes/device.ts';
import type { ErrorRow } from './error-codes/row.ts';
import { TRAINING_ERRORS } from './error-codes/training.ts';

const TABLE = { ...DEVICE_ERRORS, ...DATA_ERRORS, ...TRAINING_ERRORS };

export type ErrorCode = keyof typeof TABLE;

export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorRow>> = TABLE;
