package org.ratescope.page;

/**
 * A part of the page between its header and its figures: results in words or tables.
 *
 * @param id its anchor: letters, digits, '-' and '_'
 * @param heading its heading
 * @param html its contents
 */
public record Section(String id, String heading, String html) {
  public Section {
    if (!id.matches("[A-Za-z0-9_-]+")) {
      throw new IllegalArgumentException(
          "got the section id \"%s\"; expected letters, digits, '-' and '_'".formatted(id));
    }
  }
}
