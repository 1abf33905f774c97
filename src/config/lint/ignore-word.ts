/** How a comment begins that silences warnings. */
export const ignoreWord = 'class4-ignore';
