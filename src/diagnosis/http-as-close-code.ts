/**
 * What two handlers make of one upgrade: the second response starts with "HTTP", which, read as a frame, is a close frame whose code is the
 * letters "TP".
 */
export const HTTP_AS_CLOSE_CODE = 0x5450;
