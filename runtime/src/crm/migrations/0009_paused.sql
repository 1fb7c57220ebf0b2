-- A run's mark says that it was paused by itself: that all of its record was is said in the case.
UPDATE run SET paused = (
  SELECT iif(l.entry ->> 'how' = 'pause', l.entry ->> 'by', NULL) FROM log AS l
  WHERE l.entity = run.case_entity AND l.record = run.case_record
    AND l.entry ->> 'kind' = 'overridden' AND l.entry ->> 'how' IN ('pause', 'resume') AND l.entry ->> 'run' = run.number
  ORDER BY l.number DESC LIMIT 1
) WHERE paused IS NOT NULL;
