/** How long an access token lives at most, in seconds. */
export const ACCESS_TOKEN_SECONDS = 3_600;

/**
 * How long one may be taken after it was issued: clocks differ by a minute on either side, and instances change their
 * keys at different moments. What refuses a token, and the key that signed it, are kept for so long.
 */
export const LONGEST_TOKEN_SECONDS = ACCESS_TOKEN_SECONDS + 300;
