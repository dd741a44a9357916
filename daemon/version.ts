/** The version of the whole: package.json's, checked by a test. A constant, so that a bundle needs no file. */
export const VERSION = '0.1.0';
