/**
 * What two handlers make of one upgrade: the second answer begins with "HTTP", which read as a frame is a close frame, its code the letters
 * "TP".
 */
export const HTTP_AS_CLOSE_CODE = 0x5450;
