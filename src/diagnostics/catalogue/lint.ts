/** C45: lint, what is legal and probably not meant. */
export const lint = {};
