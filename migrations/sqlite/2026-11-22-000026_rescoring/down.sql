DROP INDEX annual_return_counting;
DROP TABLE submission_basis;
DROP TABLE revised_status;
DROP TABLE corrected_result;
DROP TABLE rule_correction;
