import MitoLab

print(LabPlan.address(of: 0))
