/** Patient data: for nobody else on the machine. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;
