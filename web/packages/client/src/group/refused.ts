/** A commit, Welcome or message that does not hold; the group is as it was. */
export class Refused extends Error {
  override name = "Refused";
}
