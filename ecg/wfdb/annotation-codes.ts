/** The annotation codes of WFDB (its ecgcodes.h) and which of them mark a beat. */

export const AnnotationCode = {
  notQrs: 0,
  normal: 1,
  leftBundleBranchBlock: 2,
  rightBundleBranchBlock: 3,
  aberratedAtrialPremature: 4,
  ventricularPremature: 5,
  fusion: 6,
  nodalPremature: 7,
  atrialPremature: 8,
  supraventricularPremature: 9,
  ventricularEscape: 10,
  nodalEscape: 11,
  paced: 12,
  unclassifiable: 13,
  signalQuality: 14,
  artifact: 16,
  stChange: 18,
  tWaveChange: 19,
  systole: 20,
  diastole: 21,
  note: 22,
  measurement: 23,
  pWave: 24,
  bundleBranchBlock: 25,
  pacerSpike: 26,
  tWave: 27,
  rhythm: 28,
  uWave: 29,
  learning: 30,
  flutterWave: 31,
  flutterStart: 32,
  flutterEnd: 33,
  atrialEscape: 34,
  supraventricularEscape: 35,
  link: 36,
  blockedPWave: 37,
  pacedFusion: 38,
  waveOnset: 39,
  waveEnd: 40,
  rOnTPremature: 41,
} as const;

/** Place = code; a space where WFDB assigns none. */
const MNEMONICS = ' NLRaVFJASEj/Q~ | sT*D"=pB^t+u?![]en@xf()r';

/** Codes above are no annotations but parts of one (see annotation.ts). */
export const MAX_ANNOTATION_CODE = 49;

/** The one-character name WFDB prints; `[42]` for a code without one, as WFDB prints it. */
export function mnemonicOf(code: number): string {
  const mnemonic = MNEMONICS[code];
  return mnemonic === undefined || mnemonic === ' ' ? `[${code}]` : mnemonic;
}

/** The code of a mnemonic; null when WFDB has none of that name. */
export function codeOf(mnemonic: string): number | null {
  if (mnemonic.length === 1) {
    const code = MNEMONICS.indexOf(mnemonic);
    return code > 0 && mnemonic !== ' ' ? code : null;
  }
  const code = Number(/^\[(\d+)\]$/.exec(mnemonic)?.[1] ?? Number.NaN);
  return Number.isInteger(code) && code <= MAX_ANNOTATION_CODE ? code : null;
}

const BEAT_MNEMONICS = 'NLRBAaJSVrFejnE/fQ?';
const IS_BEAT: readonly boolean[] = [...MNEMONICS].map((mnemonic) => BEAT_MNEMONICS.includes(mnemonic));

/** A flutter wave `!` is no beat. */
export function isBeatCode(code: number): boolean {
  return IS_BEAT[code] === true;
}
