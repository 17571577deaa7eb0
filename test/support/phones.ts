/** Phones that could be real. */

export const cameroon = '+237671234567'
export const india = '+919876543210'
