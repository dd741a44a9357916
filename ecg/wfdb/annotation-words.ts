/** The 16-bit words of MIT annotation files (the table is in annotation.ts). */
export const SKIP = 59;
export const NUM = 60;
export const SUB = 61;
export const CHN = 62;
export const AUX = 63;

export const VALUE_MASK = 0x3ff;
export const CODE_SHIFT = 10;
