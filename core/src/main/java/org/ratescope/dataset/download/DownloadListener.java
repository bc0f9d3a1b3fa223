package org.ratescope.dataset.download;

/** Told how getting a data set goes, from the thread that gets it. */
public interface DownloadListener {

  /** A listener that ignores what it is told. */
  DownloadListener SILENT =
      new DownloadListener() {
        @Override
        public void advanced(String what, long bytes, long total) {}

        @Override
        public void noted(String message) {}
      };

  /**
   * Progress. What came before the first call of a {@code what} was there before.
   *
   * @param what the file, and what is done with it
   * @param bytes so far
   * @param total in all
   */
  void advanced(String what, long bytes, long total);

  /** Something a person may want to know: a mirror that failed, a file that is replaced. */
  void noted(String message);
}
