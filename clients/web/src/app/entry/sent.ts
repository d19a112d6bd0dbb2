/** Where a letter went; a server without mail keeps it for whoever runs it. */
export function sentenceOfSent(email: string, hasMail: boolean): string {
  return hasMail
    ? `We have sent a mail to ${email}. Follow the link in it.`
    : "This server sends no mail itself: whoever runs it has the link, and can pass it on to you.";
}
