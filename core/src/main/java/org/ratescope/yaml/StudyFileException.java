package org.ratescope.yaml;

import java.io.IOException;

/**
 * An error in a study file or another YAML file that users write. The message is one line: file,
 * line, key, the value found, and the values expected.
 */
public final class StudyFileException extends IOException {
  private static final long serialVersionUID = 1;

  public StudyFileException(String message) {
    super(message);
  }
}
