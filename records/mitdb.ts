/** The MIT-BIH Arrhythmia Database: which records there are, and how they are divided. */

export const MITDB_RECORDS: readonly string[] = (
  '100 101 102 103 104 105 106 107 108 109 111 112 113 114 115 116 117 118 119 121 122 123 124 ' +
  '200 201 202 203 205 207 208 209 210 212 213 214 215 217 219 220 221 222 223 228 230 231 232 233 234'
).split(' ');

/** Paced: ANSI/AAMI EC57 leaves them out of beat statistics. */
export const PACED_RECORDS: readonly string[] = ['102', '104', '107', '217'];

/** De Chazal's patient-separated division: trained on DS1, tested on DS2; the paced records are in neither. */
export const DS1_RECORDS: readonly string[] = (
  '101 106 108 109 112 114 115 116 118 119 122 124 ' + '201 203 205 207 208 209 215 220 223 230'
).split(' ');
export const DS2_RECORDS: readonly string[] = (
  '100 103 105 111 113 117 121 123 ' + '200 202 210 212 213 214 219 221 222 228 231 232 233 234'
).split(' ');

/** The MIT-BIH Noise Stress Test Database's noise: baseline wander, electrode motion, muscle. */
export const NSTDB_RECORDS: readonly string[] = ['bw', 'em', 'ma'];
